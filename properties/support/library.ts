/** Shared libraries in C for tests. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Whether there is a C compiler. */
export const hasCompiler = spawnSync('cc', ['--version']).status === 0;

/** Compiles `source` to the shared library `name` in `folder`. */
export function compileLibrary(
  folder: string,
  name: string,
  source: string,
  flags: readonly string[] = [],
): void {
  const file = join(folder, `${name}.c`);
  writeFileSync(file, source);
  const options = ['-Wall', '-Wextra', '-Werror', '-O2', '-shared', '-fPIC', ...flags];
  const { stderr, status } = spawnSync('cc', [...options, '-o', join(folder, `${name}.so`), file, '-lm']);
  if (status !== 0) throw new Error(`cc: ${stderr}`);
}

/** Right functions of every shape. */
export const rightFunctions = `
#include <math.h>
#include <stddef.h>
#include <stdint.h>
static double max_of(const float *x, int n) {
  double max = -INFINITY;
  for (int i = 0; i < n; i++) if (!(x[i] <= max)) max = x[i];
  return max;
}
static double log_sum(const float *x, int n, double max) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += exp(x[i] - max);
  return log(sum);
}
static void log_row(const float *x, float *y, int n, int to_exp) {
  double max = max_of(x, n), log_of_sum = log_sum(x, n, max);
  for (int i = 0; i < n; i++) y[i] = to_exp ? exp(x[i] - max - log_of_sum) : x[i] - max - log_of_sum;
}
static float loss_of(const float *x, int n, int label) {
  double max = max_of(x, n);
  return max - x[label] + log_sum(x, n, max);
}
void softmax_rows(const float *x, float *y, size_t n) { log_row(x, y, n, 1); }
void softmax_inplace(float *x, int64_t rows, unsigned cols) {
  for (int64_t r = 0; r < rows; r++) log_row(x + r * cols, x + r * cols, cols, 1);
}
void softmax(const float *logits, float *out, int rows, int cols) {
  for (int r = 0; r < rows; r++) log_row(logits + r * cols, out + r * cols, cols, 1);
}
int log_softmax_into(float *dst, const float *src, int cols, int rows) {
  for (int r = 0; r < rows; r++) log_row(src + r * cols, dst + r * cols, cols, 0);
  return 0;
}
float logsumexp_row(const float *x, int n) {
  double max = max_of(x, n);
  return isinf(max) ? max : max + log_sum(x, n, max);
}
void cross_entropy_losses(const float *x, const int64_t *labels, float *losses, int n, int c) {
  for (int r = 0; r < n; r++) losses[r] = loss_of(x + r * c, c, labels[r]);
}
float cross_entropy(const float *x, const int *t, int rows, int cols) {
  double sum = 0;
  for (int r = 0; r < rows; r++) sum += loss_of(x + r * cols, cols, t[r]);
  return sum / rows;
}
void row_cross_entropy_grad(const float *x, int label, float *dx, int n) {
  double max = max_of(x, n), log_of_sum = log_sum(x, n, max);
  for (int i = 0; i < n; i++) dx[i] = exp(x[i] - max - log_of_sum) - (i == label);
}
void softmax_backward_row(const float *dy, const float *x, float *dx, int n) {
  double dot = 0;
  log_row(x, dx, n, 1);
  for (int i = 0; i < n; i++) dot += dy[i] * (double)dx[i];
  for (int i = 0; i < n; i++) dx[i] *= dy[i] - dot;
}
void log_softmax_backward_inplace(float *grad_out, const float *x, int m, int n) {
  for (int r = 0; r < m; r++, grad_out += n, x += n) {
    double max = max_of(x, n), log_of_sum = log_sum(x, n, max), sum = 0;
    for (int i = 0; i < n; i++) sum += grad_out[i];
    for (int i = 0; i < n; i++) grad_out[i] -= exp(x[i] - max - log_of_sum) * sum;
  }
}
void scaled_softmax(const float *x, float *y, int n, float scale) {
  log_row(x, y, n, 1);
  for (int i = 0; i < n; i++) y[i] *= scale;
}
`;

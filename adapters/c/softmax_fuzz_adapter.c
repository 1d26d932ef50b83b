/* Speaks the protocol of softmax-fuzz (docs/protocol.md) for kernels in C, on a little-endian machine. Put yours in the
 * place of these three: cc -O2 -o kernel softmax_fuzz_adapter.c -lm && softmax-fuzz fuzz cmd:./kernel */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAGIC, VERSION, TYPE, ID, OPERATION, ROWS, COLS, STATUS, FLOATS, INTS, UPSTREAM, TEXT, WORDS };
enum { GREETING = 0, ANSWER = 2, ANSWERED = 0, THREW = 1, SOFTMAX = 1, CROSS_ENTROPY = 4, SOFTMAX_GRAD = 6 };

static const char greeting[] =
  "{\"name\":\"c-kernel\",\"profile\":\"sequential\",\"operations\":[\"softmax\",\"crossEntropy\",\"softmaxGrad\"]}";

static void softmax(const float *logits, float *out, uint32_t cols) {
  float max = logits[0], sum = 0;
  for (uint32_t c = 1; c < cols; c++) max = fmaxf(max, logits[c]);
  for (uint32_t c = 0; c < cols; c++) sum += out[c] = expf(logits[c] - max);
  for (uint32_t c = 0; c < cols; c++) out[c] /= sum;
}

/* The loss of a row; the answer is their mean. */
static float cross_entropy(const float *logits, int32_t target, uint32_t cols) {
  float max = logits[0], sum = 0;
  for (uint32_t c = 1; c < cols; c++) max = fmaxf(max, logits[c]);
  for (uint32_t c = 0; c < cols; c++) sum += expf(logits[c] - max);
  return logf(sum) - (logits[target] - max);
}

/* upstream times the Jacobian of softmax. */
static void softmax_grad(const float *upstream, const float *logits, float *out, uint32_t cols) {
  double dot = 0;
  softmax(logits, out, cols);
  for (uint32_t c = 0; c < cols; c++) dot += (double)upstream[c] * out[c];
  for (uint32_t c = 0; c < cols; c++) out[c] = (float)(out[c] * (upstream[c] - dot));
}

/* How many numbers it has put into out; none where there is no such operation. */
static size_t answer(uint32_t operation, const float *logits, const int32_t *targets, const float *upstream, float *out,
                     uint32_t rows, uint32_t cols) {
  double loss = 0;
  for (size_t r = 0, at = 0; r < rows; r++, at += cols) {
    if (operation == SOFTMAX) softmax(logits + at, out + at, cols);
    else if (operation == SOFTMAX_GRAD) softmax_grad(upstream + at, logits + at, out + at, cols);
    else if (operation == CROSS_ENTROPY) loss += cross_entropy(logits + at, targets[r], cols) / (double)rows;
    else return 0;
  }
  if (operation == CROSS_ENTROPY) out[0] = (float)loss;
  return operation == CROSS_ENTROPY ? 1 : (size_t)rows * cols;
}

/* So many bytes of the input; ends the program where the input ends. */
static void *receive(size_t bytes) {
  void *memory = malloc(bytes + 1);
  if (memory == NULL || fread(memory, 1, bytes, stdin) != bytes) exit(memory == NULL);
  return memory;
}

static void send_frame(uint32_t type, uint32_t id, uint32_t status, const float *floats, size_t count, const char *text) {
  uint32_t head[WORDS] = {0x5a464d53, 1, type, id, 0, 0, 0, status, (uint32_t)count, 0, 0, (uint32_t)strlen(text)};
  fwrite(head, sizeof head, 1, stdout);
  fwrite(floats, 4, count, stdout);
  fputs(text, stdout);
  fflush(stdout);
}

int main(void) {
  send_frame(GREETING, 0, ANSWERED, &(float){0}, 0, greeting);
  for (;;) {
    uint32_t *head = receive(4 * WORDS);
    float *logits = receive(4 * (size_t)head[FLOATS]), *out = malloc(4 * (size_t)head[FLOATS]);
    int32_t *targets = receive(4 * (size_t)head[INTS]);
    float *upstream = receive(4 * (size_t)head[UPSTREAM]);
    size_t count = answer(head[OPERATION], logits, targets, upstream, out, head[ROWS], head[COLS]);
    send_frame(ANSWER, head[ID], count == 0 ? THREW : ANSWERED, out, count, count == 0 ? "no such operation" : "");
    free(head), free(logits), free(out), free(targets), free(upstream);
  }
}

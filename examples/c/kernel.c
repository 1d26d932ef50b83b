#include <math.h>

/* The softmax of n logits. */
void row_softmax(const float *x, float *y, int n) {
  float max = x[0], sum = 0;
  for (int i = 1; i < n; i++) max = fmaxf(max, x[i]);
  for (int i = 0; i < n; i++) sum += y[i] = expf(x[i] - max);
  for (int i = 0; i < n; i++) y[i] /= sum;
#ifdef WHOLE_VECTORS
  for (int i = n; i % 4 != 0; i++) y[i] = 0;
#endif
}

/* What is asked of it: the sum is one chain of FP32 additions, and NaN and +Infinity are no input. */
const char softmax_fuzz_target[] = "{\"profile\": \"sequential\", \"nonFinite\": false}";

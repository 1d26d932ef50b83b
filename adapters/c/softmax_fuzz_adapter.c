/* Speaks the protocol of softmax-fuzz (docs/protocol.md) for a kernel in C, on a little-endian machine.
 * Put your kernel in softmax()'s place: cc -O2 -o kernel softmax_fuzz_adapter.c -lm && softmax-fuzz fuzz cmd:./kernel */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAGIC, VERSION, TYPE, ID, OPERATION, ROWS, COLS, STATUS, FLOATS, INTS, UPSTREAM, TEXT, WORDS };
enum { GREETING = 0, ANSWER = 2, ANSWERED = 0, THREW = 1, SOFTMAX = 1 };

static const char greeting[] = "{\"name\":\"c-kernel\",\"operations\":[\"softmax\"],\"profile\":\"sequential\"}";

static void softmax(const float *logits, float *out, uint32_t rows, uint32_t cols) {
  for (uint32_t r = 0; r < rows; r++, logits += cols, out += cols) {
    float max = logits[0], sum = 0;
    for (uint32_t c = 1; c < cols; c++) max = logits[c] > max ? logits[c] : max;
    for (uint32_t c = 0; c < cols; c++) sum += out[c] = expf(logits[c] - max);
    for (uint32_t c = 0; c < cols; c++) out[c] /= sum;
  }
}

/* Reads exactly so many bytes; ends the program where the input ends. */
static void read_all(void *to, size_t bytes) {
  for (char *at = to; bytes > 0;) {
    ssize_t count = read(0, at, bytes);
    if (count <= 0) exit(count < 0);
    at += count;
    bytes -= (size_t)count;
  }
}

static void write_all(const void *from, size_t bytes) {
  for (const char *at = from; bytes > 0;) {
    ssize_t count = write(1, at, bytes);
    if (count <= 0) exit(1);
    at += count;
    bytes -= (size_t)count;
  }
}

static void send_frame(uint32_t type, uint32_t id, uint32_t status, const float *floats, size_t count, const char *text) {
  uint32_t head[WORDS] = {0x5a464d53, 1, type, id, 0, 0, 0, status, (uint32_t)count, 0, 0, (uint32_t)strlen(text)};
  write_all(head, sizeof head);
  write_all(floats, 4 * count);
  write_all(text, strlen(text));
}

static void *room(size_t bytes) {
  void *memory = malloc(bytes + 1);
  if (memory == NULL) exit(1);
  return memory;
}

int main(void) {
  uint32_t head[WORDS];
  send_frame(GREETING, 0, ANSWERED, NULL, 0, greeting);
  for (;;) {
    read_all(head, sizeof head);
    size_t count = head[FLOATS], rest = 4 * ((size_t)head[INTS] + head[UPSTREAM]) + head[TEXT];
    float *logits = room(4 * count), *out = room(4 * count);
    char *others = room(rest); /* The targets come first, as int32_t. */
    read_all(logits, 4 * count);
    read_all(others, rest);
    if (head[OPERATION] == SOFTMAX) {
      softmax(logits, out, head[ROWS], head[COLS]);
      send_frame(ANSWER, head[ID], ANSWERED, out, count, "");
    } else {
      send_frame(ANSWER, head[ID], THREW, NULL, 0, "there is no such operation");
    }
    free(logits), free(out), free(others);
  }
}

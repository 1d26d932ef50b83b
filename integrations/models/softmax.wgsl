@group(0) @binding(0) var<storage, read> logits: array<f32>;
@group(0) @binding(1) var<storage, read_write> answer: array<f32>;
@group(0) @binding(2) var<uniform> size: vec2<u32>; // rows, cols

const WIDTH = 64u;
var<workgroup> partial: array<f32, WIDTH>;

@compute @workgroup_size(WIDTH)
fn softmax(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
  let cols = size.y;
  let first = group.x * cols;

  var highest = -3.4028234e38;
  for (var i = local.x; i < cols; i += WIDTH) { highest = max(highest, logits[first + i]); }
  partial[local.x] = highest;
  for (var half = WIDTH / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (local.x < half) { partial[local.x] = max(partial[local.x], partial[local.x + half]); }
  }
  let shift = workgroupUniformLoad(&partial[0]);

  var sum = 0.0;
  for (var i = local.x; i < cols; i += WIDTH) {
    let weight = exp(logits[first + i] - shift);
    answer[first + i] = weight;
    sum += weight;
  }
  partial[local.x] = sum;
  for (var half = WIDTH / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if (local.x < half) { partial[local.x] += partial[local.x + half]; }
  }
  let total = workgroupUniformLoad(&partial[0]);
  for (var i = local.x; i < cols; i += WIDTH) { answer[first + i] /= total; }
}

/**
 * Writes models of more than two dimensions beside it, once the checkout is built: node write.mjs. Field numbers are those of onnx/onnx.proto3.
 *
 * - tokens.onnx: a softmax of [batch, tokens, vocabulary], along the last axis.
 * - shared-maximum.onnx: a log-softmax of [batch, channels, length] along the channels, from whose numbers it subtracts the maximum of the channels and the length together.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { field, message } from '../../dist/targets/onnx/protobuf.js';

const FLOAT = 1;
const types = { int: 2, ints: 7 };

const integer = (name, value) => field(5, message(field(1, name), field(3, value), field(20, types.int)));
const integers = (name, values) =>
  field(5, message(field(1, name), field(8, ...values), field(20, types.ints)));

function node(type, inputs, output, ...attributes) {
  return field(1, message(field(1, ...inputs), field(2, output), field(4, type), ...attributes));
}

function tensor(name, sizes) {
  const shape = message(...sizes.map((size) => field(1, message(field(2, size)))));
  return message(field(1, name), field(2, message(field(1, message(field(1, FLOAT), field(2, shape))))));
}

function write(file, sizes, ...nodes) {
  const values = [field(11, tensor('scores', sizes)), field(12, tensor('result', sizes))];
  const graph = message(...nodes, field(2, 'graph'), ...values);
  const opset = message(field(1, ''), field(2, 13));
  writeFileSync(
    join(import.meta.dirname, file),
    message(field(1, 7), field(2, 'softmax-fuzz'), field(7, graph), field(8, opset)),
  );
}

write(
  'tokens.onnx',
  ['batch', 'tokens', 'vocabulary'],
  node('Softmax', ['scores'], 'result', integer('axis', 2)),
);
write(
  'shared-maximum.onnx',
  ['batch', 'channels', 'length'],
  node('ReduceMax', ['scores'], 'maximum', integers('axes', [1, 2])),
  node('Sub', ['scores', 'maximum'], 'gaps'),
  node('Exp', ['gaps'], 'exps'),
  node('ReduceLogSum', ['exps'], 'sum', integers('axes', [1])),
  node('Sub', ['gaps', 'sum'], 'result'),
);

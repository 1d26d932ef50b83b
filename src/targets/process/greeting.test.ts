import { describe, expect, it } from 'vitest';
import { greetingOf } from './connect.ts';
import { createFrameReader, emptyFrame, encodeFrame, frameTypes } from './frame.ts';

const greet = (text: string, status = 0) =>
  greetingOf({ ...emptyFrame, type: frameTypes.greeting, status, text });

describe('greetingOf', () => {
  it('should tell what a program says that cannot run, as one line', () => {
    expect(() => greet('{"message":"there is\\nno \\u001b[31mGPU","hint":"Find one."}', 1)).toThrow(
      expect.objectContaining({
        name: 'UserError',
        message: 'there is no \\u{1b}[31mGPU',
        hint: 'Find one.',
      }),
    );
  });

  it.each([
    ['Killed', 'its greeting is not JSON: Unexpected token'],
    ['', 'its greeting is not JSON: Unexpected end'],
    ['null', "it greeted with an error that says nothing: 'null'"],
    ['[]', "it greeted with an error that says nothing: '[]'"],
    [
      '{"message":{"toString":1}}',
      'it greeted with an error that says nothing: \'{"message":{"toString":1}}\'',
    ],
    ['{"message":" "}', 'it greeted with an error that says nothing'],
    ['{"message":"no","hint":[]}', 'it greeted with an error that says nothing'],
    ['['.repeat(1e6) + ']'.repeat(1e6), 'its greeting is nested too deep'],
  ])('should say that %.30s tells no error', (text, message) => {
    expect(() => greet(text, 1)).toThrow(expect.objectContaining({ name: 'UserError' }));
    expect(() => greet(text, 1)).toThrow(message);
  });

  it('should take texts of 1,000 characters, and no longer ones', () => {
    const named = (name: string) => JSON.stringify({ operations: ['softmax'], name });
    expect(greet(named('x'.repeat(1000))).declaration.name).toHaveLength(1000);
    expect(() => greet(named('x'.repeat(1001)))).toThrow(
      `its greeting has a text of 1001 characters, '${'x'.repeat(100)}…${'x'.repeat(99)}': expected at most 1000`,
    );
    expect(() => greet(JSON.stringify({ operations: ['softmax'], ['x'.repeat(1001)]: 1 }))).toThrow(
      'its greeting has a text of 1001 characters',
    );
  });
});

describe('createFrameReader', () => {
  it.each([
    [2 ** 20, []],
    [2 ** 20 + 1, ['its header announces 1048577 bytes: at most 1048576']],
  ])('should make of a greeting of %i bytes', (length, expected) => {
    const faults: string[] = [];
    const frames: number[] = [];
    const reader = createFrameReader({
      onFrame: ({ text }) => frames.push(text.length),
      onFault: (detail) => faults.push(detail),
    });
    reader.push(encodeFrame({ ...emptyFrame, type: frameTypes.greeting, text: 'x'.repeat(length) }));
    expect([faults, frames]).toEqual([expected, expected.length === 0 ? [length] : []]);
  });
});

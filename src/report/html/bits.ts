/** Two numbers of a format bit by bit: sign, exponent, significand, and where they differ. */
import { formatFloat } from '../../float32/format.ts';
import type { Format } from '../../formats/format.ts';
import { toHexIn } from '../../formats/words.ts';
import { html, type Markup } from './markup.ts';

/** A word in its three fields, as digits of 0 and 1. */
export interface Fields {
  readonly sign: string;
  readonly exponent: string;
  readonly significand: string;
}

/** The fields of a word in hex digits. */
export function fieldsOf(word: string, { precision, bytes }: Format): Fields {
  const bits = BigInt(`0x${word}`)
    .toString(2)
    .padStart(8 * bytes, '0');
  const first = 8 * bytes - (precision - 1);
  return { sign: bits[0], exponent: bits.slice(1, first), significand: bits.slice(first) };
}

/** The bits strip: what was answered, what was expected, and the bits that differ, as a table that reads without colors. */
export function bitsStrip(got: number, expected: number, format: Format): Markup {
  const [a, b] = [got, expected].map((value) => toHexIn(value, format));
  const [ofGot, ofExpected] = [a, b].map((word) => fieldsOf(word, format));
  const difference = fieldsOf(
    (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(16).padStart(2 * format.bytes, '0'),
    format,
  );
  const count = [...Object.values(difference).join('')].filter((bit) => bit === '1').length;
  const rowOf = (name: string, value: number, word: string, fields: Fields): Markup => html`
<tr><th scope="row">${name}</th>${names.map((field) => html`<td class="bits">${digits(fields[field], difference[field])}</td>`)}<td class="word">${word}</td><td class="value">${formatFloat(value, format.round)}</td></tr>`;
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Bits"><table class="strip">
<caption>${count === 1 ? '1 bit differs' : `${count} bits differ`}</caption>
<thead><tr><td></td>${names.map((field) => html`<th scope="col">${field}</th>`)}<th scope="col">word</th><th scope="col">value</th></tr></thead>
<tbody>${rowOf('got', got, a, ofGot)}${rowOf('expected', expected, b, ofExpected)}
<tr><th scope="row">difference</th>${names.map((field) => html`<td class="bits">${[...difference[field]].map((bit) => (bit === '1' ? html`<b>1</b>` : '·'))}</td>`)}<td></td><td></td></tr></tbody>
</table></div>`;
}

const names = ['sign', 'exponent', 'significand'] as const;

/** The digits, those that differ in bold. */
function digits(bits: string, difference: string): Markup[] {
  return [...bits].map((bit, k) => (difference[k] === '1' ? html`<b>${bit}</b>` : html`${bit}`));
}

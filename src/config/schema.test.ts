import { describe, expect, it } from 'vitest';
import { defineConfig } from './config.ts';
import { checkConfig, declaredOf } from './schema.ts';

const file = 'softmax-fuzz.config.mjs';

describe('checkConfig', () => {
  it('should give what is right as it is, and a target that is a text as an object', () => {
    const config = defineConfig({
      targets: {
        mine: './mine.mjs',
        'of-c': {
          target: 'lib:./k.so',
          profile: 'online',
          format: { logits: 'bf16' },
          options: { softmax: ['scale'] },
          semantics: { divisor: 'rows' },
          known: ['softmax/*', { bucket: 'softmax/nan/exp-overflow', weight: 1 }],
          maxTime: '30s',
          timeout: '1s',
        },
      },
      runs: 100,
      seed: -1,
      ops: ['softmax'],
      reports: 'out',
    });
    expect(checkConfig(config, file)).toEqual({
      ...config,
      targets: { ...config.targets, mine: { target: './mine.mjs' } },
    });
  });

  const mine = (value: unknown) => ({ targets: { mine: value } });
  it.each([
    [[], `${file} gives no object`],
    [{ run: 1 }, `${file}: there is no key 'run'; did you mean runs?`],
    [
      mine({ target: './a.mjs', profil: 'libm' }),
      `${file}, at targets.mine: there is no key 'profil'; did you mean profile?`,
    ],
    [mine({ target: './a.mjs', name: 'x' }), `${file}, at targets.mine: there is no key 'name'`],
    [mine({ maxTime: '1s' }), `${file}, at targets.mine, at target: `],
    [mine(1), `${file}, at targets.mine: expected './kernel.mjs', or an object`],
    [{ targets: ['./a.mjs'] }, `${file}, at targets: expected targets by their names`],
    [{ targets: { stable: './a.mjs' } }, `${file}, at targets: 'stable' is no name for a target`],
    [{ targets: { './a.mjs': {} } }, `${file}, at targets: './a.mjs' is no name for a target`],
    [{ ops: ['sofmax'] }, `${file}, at ops.0: there is no operation sofmax: they are softmax, `],
    [{ maxTime: 60 }, `${file}, at maxTime: expected a string, got 60`],
    [{ strict: 'yes' }, `${file}, at strict: expected true or false, got "yes"`],
    [
      mine({ target: './a.mjs', format: 'fp17' }),
      `${file}, at targets.mine: its format is wrong: there is no format 'fp17': the formats are`,
    ],
    [
      mine({ target: './a.mjs', format: { logits: 'fp17' } }),
      `${file}, at targets.mine: its format.logits is wrong: there is no format 'fp17': the formats are`,
    ],
  ])('should refuse %j', (value, message) => {
    expect(() => checkConfig(value, file)).toThrow(message);
  });
});

describe('declaredOf', () => {
  it('should leave out where a target is and what it may take', () => {
    expect(declaredOf({ target: './a.mjs', runs: 1, memory: '1g', profile: 'libm', rows: 2 })).toEqual({
      profile: 'libm',
      rows: 2,
    });
  });
});

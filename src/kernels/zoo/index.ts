/**
 * Faulty kernels, one for each class of faults that real ones had: what a fuzzer has to find. Beside them, in `correct/`,
 * designs that it must never blame. Neither is part of the package.
 */
import { contractFaults } from './contract.ts';
import type { ZooEntry } from './entry.ts';
import { exponentialFaults } from './exponentials.ts';
import { formatFaults } from './formats.ts';
import { gradientFaults } from './gradients.ts';
import { lawFaults } from './laws.ts';
import { logarithmFaults } from './logarithms.ts';
import { lossFaults } from './losses.ts';
import { maskFaults } from './masks.ts';
import { maxFaults } from './max.ts';
import { onlineFaults } from './online.ts';
import { optionGradientFaults } from './options/gradients.ts';
import { lossGradientFaults } from './options/loss-gradients.ts';
import { lossOptionFaults } from './options/losses.ts';
import { scoreFaults } from './options/scores.ts';
import { productFaults } from './products.ts';
import { sentinelFaults } from './sentinels.ts';
import { summationFaults } from './summation.ts';
import { tailFaults } from './tails.ts';

/** Every entry, class by class. */
export const zoo: readonly ZooEntry[] = [
  ...maxFaults,
  ...sentinelFaults,
  ...maskFaults,
  ...exponentialFaults,
  ...summationFaults,
  ...onlineFaults,
  ...tailFaults,
  ...logarithmFaults,
  ...lossFaults,
  ...gradientFaults,
  ...productFaults,
  ...formatFaults,
  ...contractFaults,
  ...lawFaults,
  ...scoreFaults,
  ...optionGradientFaults,
  ...lossOptionFaults,
  ...lossGradientFaults,
];

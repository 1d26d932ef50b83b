/** From a finding's file back to the finding. */
import { type ErrorSize, noSize } from '../core/error-size.ts';
import type { Finding, Origin } from '../core/finding.ts';
import type { Property } from '../core/violation.ts';
import { formats as grids } from '../formats/index.ts';
import { fromHexIn } from '../formats/words.ts';
import { fromAnswerWords, fromBatchWords, fromSketchWords } from './batch-words.ts';
import { callsBefore, type FindingFile } from './finding-file.ts';

/** The finding that toFindingFile made the file of. Sizes that a file cannot hold become what they were. */
export function toFinding(file: FindingFile): Finding {
  const { input, output, expected, boundary, worst, original, found, formats } = file;
  return {
    target: file.target,
    profile: file.profile,
    ...(formats && { formats }),
    operation: file.operation,
    property: file.property as Property,
    kind: file.kind,
    severity: file.severity,
    bucket: file.bucket,
    known: file.known,
    exceeds: file.exceeds ?? null,
    batch: fromBatchWords(input),
    ...(file.before && { before: callsBefore(file) }),
    output: output && fromAnswerWords(output, file.excerpt, formats?.answer),
    expected: fromAnswerWords(expected, file.excerpt, formats?.answer),
    index: file.index,
    ...sizesOf(file),
    detail: file.detail,
    boundary: boundary && {
      cell: boundary.cell,
      passes: fromHexIn(boundary.passes, grids[input.format ?? 'fp32']),
      fails: fromHexIn(boundary.fails, grids[input.format ?? 'fp32']),
    },
    ...(file.sizeBoundary && { sizeBoundary: file.sizeBoundary }),
    ...(file.needs && { needs: file.needs }),
    ...(file.factor !== undefined && { factor: file.factor }),
    explanation: file.explanation ?? null,
    worst: { batch: fromSketchWords(worst.input), ...sizesOf(worst) },
    typicalWeight: file.typicalWeight ?? noSize.weight,
    weights: new Map(),
    original: fromSketchWords(original),
    origin: originOf(found),
    first: found.first && originOf(found.first),
    occurrences: found.occurrences,
    ...(file.shows && { shows: file.shows }),
    ...(file.connected && { connected: file.connected }),
    ...(file.causes && { causes: file.causes }),
    shrink: file.shrink,
  };
}

/** The sizes in a file: one that is no number is NaN, and a ratio that is none, or a weight that is not told, Infinity. */
export function sizesOf(file: Pick<FindingFile, 'errorUlp' | 'budgetUse'> & Partial<SizeWords>): ErrorSize {
  return {
    errorUlp: file.errorUlp ?? noSize.errorUlp,
    budgetUse: file.budgetUse ?? noSize.budgetUse,
    absoluteError: file.absoluteError ?? noSize.absoluteError,
    relativeError: file.relativeError ?? noSize.relativeError,
    weight: file.weight ?? noSize.weight,
  };
}

type SizeWords = Pick<FindingFile, 'absoluteError' | 'relativeError' | 'weight'>;

function originOf(found: SourceFile & { readonly step?: number | undefined }): Origin {
  const climbed = found.step === undefined ? {} : { step: found.step };
  if (found.by === 'article') return { by: 'article', ...climbed };
  if (found.by === 'saved') return { by: 'saved', file: found.file, ...climbed };
  return { by: 'generated', seed: found.seed, case: found.case, families: found.families, ...climbed };
}

type SourceFile = NonNullable<FindingFile['found']['first']>;

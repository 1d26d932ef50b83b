/** The languages that a call may be written in. */
export const languageNames = ['js', 'numpy', 'torch', 'c'] as const;

/** One of {@link languageNames}. */
export type LanguageName = (typeof languageNames)[number];

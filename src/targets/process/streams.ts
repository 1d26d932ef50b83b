/**
 * Keeps a module's hands off the streams of frames; to be imported first. What it prints is shown where its errors are. Its
 * stdin is empty: whoever looks at the real one, as an import of node:process does, makes it unwilling to wait, and a call
 * then takes a millisecond instead of 60 us.
 */
import { Readable } from 'node:stream';

const empty = Readable.from([]);
Object.defineProperty(process, 'stdin', { get: () => empty });
Object.defineProperty(process, 'stdout', { get: () => process.stderr });

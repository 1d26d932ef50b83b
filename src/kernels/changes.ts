/** Changes of steps, each of which may take the others as they are: what a faulty kernel does in their place. */
export type Changes<Steps> = (right: Steps) => Partial<Steps>;

/** Changes of steps, which are given the right ones: what a faulty kernel does in their place. Steps that are not changed take the changed ones. */
export type Changes<Steps> = (right: Steps) => Partial<Steps>;

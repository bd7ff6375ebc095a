/** What a YAML scalar can hold. */
export type Scalar = string | number | boolean | null;

/** The lines that a person reads while an action runs. Every implementation escapes what could be a workflow command. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  error(message: string): void;
}

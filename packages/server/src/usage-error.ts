/** A command line that cannot be meant. Its message is shown, with the help. */
export class UsageError extends Error {}

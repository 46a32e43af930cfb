/** A database that cannot be used as it is set up; the message says what to do. */
export class UnfitDatabase extends Error {}

/**
 * The client that perfmon is for, by its name in the column `client`: its calls are meant where nobody
 * says another. Rows that name none (of perfmon 0.1.0, or recorded by hand) count as its own.
 */
export const OWN_CLIENT = "claude";

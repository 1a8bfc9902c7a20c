/** The option of every command that machines may read. */
export const JSON_FLAG = ['--json', 'for machines: JSON, one object a line'] as const;

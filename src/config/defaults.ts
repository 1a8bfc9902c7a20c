/** Relative to the folder of the configuration. */
export const DEFAULT_DATA_DIR = './data';

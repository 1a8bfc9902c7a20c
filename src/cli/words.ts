export { moment, shortened } from '../explain/index.ts';

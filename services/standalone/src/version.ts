export { version } from '@michinori/runtime';

/** Something that Grafana or Infinity can do and the emulation here cannot: an error, so that nothing passes because nobody looked. */
export class NotEmulated extends Error {
  constructor(what: string) {
    super(`Not emulated: ${what}`);
    this.name = 'NotEmulated';
  }
}

/**
 * Natural logarithm and exponential made of IEEE additions, multiplications and divisions only, so that every engine
 * gives the same bits. ECMAScript leaves the precision of `Math.log` and `Math.exp` to the implementation.
 */

const bits = new DataView(new ArrayBuffer(8));

/** ln x for a normal x > 0; relative error below 1e-15 (argument in [√½, √2), then the series of 2·artanh). */
export function ln(x: number): number {
  bits.setFloat64(0, x);
  const high = bits.getUint32(0);
  let exponent = (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0xfffff) | (1023 << 20));
  let mantissa = bits.getFloat64(0);
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent += 1;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let odd = 23; odd >= 1; odd -= 2) sum = sum * square + 1 / odd;
  return 2 * ratio * sum + exponent * Math.LN2;
}

/** eˣ for |x| < 700 (0 below); relative error below 1e-15 (reduction by ln 2, then Taylor). */
export function exp(x: number): number {
  if (x < -700) return 0;
  const exponent = Math.round(x / Math.LN2);
  const rest = x - exponent * Math.LN2;
  let sum = 1;
  for (let term = 16; term >= 1; term -= 1) sum = 1 + (rest / term) * sum;
  bits.setUint32(0, (exponent + 1023) << 20);
  bits.setUint32(4, 0);
  return sum * bits.getFloat64(0);
}

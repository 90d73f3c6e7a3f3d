/** A forecast that something will happen, 0 … 1, and whether it did. */
export interface Forecast {
  readonly probability: number;
  readonly happened: boolean;
}

/** Throws a `RangeError` unless all probabilities are from 0 to 1. */
export function assertForecasts(forecasts: readonly Forecast[]): void {
  for (const { probability } of forecasts)
    if (!(probability >= 0 && probability <= 1)) throw new RangeError(`not a probability: ${probability}`);
}

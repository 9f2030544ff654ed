export type { Normalised } from './normalised.ts'
export { normalise } from './normalise.ts'
export type { Arrival, OtlpEncoding, OtlpSignal, Rejection, ScanInput, Scanned } from './otlp/scan.ts'
export { scanOtlp } from './otlp/scan.ts'

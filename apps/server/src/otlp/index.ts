export { startOtlpGrpc } from './grpc.ts'
export { startOtlpHttp } from './http.ts'
export type { Admission, OtlpCounts, OtlpListener, OtlpListenerOptions, OtlpRefusal, OtlpSink } from './sink.ts'

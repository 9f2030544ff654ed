import { type CallOptions, type RouteName } from '@holdfast/api'
/** The server that served this page, spoken to with the session cookie. */
export declare const api: import('@holdfast/api').Client
/** Saves what a route answers as a file. */
export declare function download<N extends RouteName>(
  name: N,
  {
    fileName,
    ...call
  }: CallOptions<N> & {
    readonly fileName: string
  },
): Promise<void>
/** True where the server wants a sign-in first. */
export declare function isSignedOut(error: unknown): boolean
//# sourceMappingURL=client.d.ts.map

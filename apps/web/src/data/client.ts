import { ApiError, createClient, type CallOptions, type RouteName } from '@holdfast/api'

/** The server that served this page, spoken to with the session cookie. */
export const api = createClient({ baseUrl: '', fetch: (url, init) => fetch(url, init) })

/** Saves what a route answers as a file. */
export async function download<N extends RouteName>(
  name: N,
  { fileName, ...call }: CallOptions<N> & { readonly fileName: string },
): Promise<void> {
  const response = await api.fetch(name, call as CallOptions<N>) // the rest of the options is the call
  const url = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}

/** True where the server wants a sign-in first. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401
}

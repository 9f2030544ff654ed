/** A module beside the one at `url`, for a worker: `.ts` in a checkout, `.js` once built. */
export function siblingModule(url: string, name: string): URL {
  return new URL(`./${name}.${url.endsWith('.ts') ? 'ts' : 'js'}`, url)
}

export function installProgress(options: {
  readonly root: string
  readonly paths: readonly string[]
  readonly cache?: string
  readonly now?: () => number
}): () => string

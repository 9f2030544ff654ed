export function installProgress(options: {
  readonly root: string
  readonly paths: readonly string[]
  readonly cache?: string
  readonly now?: () => number
}): () => string

type Listed = { readonly os?: readonly string[]; readonly cpu?: readonly string[]; readonly libc?: readonly string[] }

export function packagesFor(
  packages: Readonly<Record<string, Listed & { readonly link?: boolean }>>,
  machine: { readonly os: string; readonly cpu: string; readonly libc: 'glibc' | 'musl' | undefined },
): string[]

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1'])

/**
 * What this host is called in the identities of agents: `HOLDFAST_HOST`, or else the name of the system. `holdfast up` has a setting
 * of that variable too, the address that it listens on, and starts its sensor with it: a name of the loopback is of no host.
 */
export function hostName(env: Readonly<Record<string, string | undefined>>, ofSystem: string): string {
  const named = env['HOLDFAST_HOST'] ?? ''
  return named === '' || LOOPBACK.has(named) ? ofSystem : named
}

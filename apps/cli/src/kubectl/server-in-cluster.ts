import { CliError } from '../cli-error.ts'
import { inert } from '../render/inert.ts'
import type { Kubectl } from './kubectl.ts'
import { isObjectName, parseList } from './objects.ts'

/** Where the server of a release is. */
export type ServerInCluster = {
  readonly namespace: string
  /** Its Service for port-forward. */
  readonly service: string
  readonly port: number
  readonly pod: string
}

/** As the chart labels it (deploy/helm/holdfast). */
const LABELS = encodeURIComponent('app.kubernetes.io/part-of=holdfast,app.kubernetes.io/component=server')
/** Where it is by deploy/README.md. */
export const USUAL_NAMESPACE = 'holdfast'
const SUFFIX = '-workspace'

/** The one server in a namespace, or in the cluster where none is named. Throws `not-found`, and `usage` where there are several. */
export async function findServerInCluster(kubectl: Kubectl, namespace: string | undefined): Promise<ServerInCluster> {
  const found = namespace === undefined ? await anywhere(kubectl) : await inNamespace(kubectl, namespace)
  const [only, ...others] = found
  if (only === undefined)
    throw new CliError('not-found', `there is no Holdfast server in ${namespace ?? 'this cluster'}`, {
      remedy:
        'helm install holdfast deploy/helm/holdfast -n holdfast --create-namespace, or --server-namespace NAMESPACE',
    })
  if (others.length > 0)
    throw new CliError(
      'usage',
      `there are ${found.length} servers: in ${found.map((one) => inert(one.namespace)).join(', ')}`,
      {
        remedy: '--server-namespace NAMESPACE',
      },
    )
  return only
}

async function anywhere(kubectl: Kubectl): Promise<readonly ServerInCluster[]> {
  try {
    return serversOf(await kubectl.read(`/api/v1/services?labelSelector=${LABELS}`))
  } catch (fault) {
    if (!(fault instanceof CliError) || fault.code !== 'denied') throw fault
    // Who may not list Services of the whole cluster may list those of one namespace.
    return await inNamespace(kubectl, USUAL_NAMESPACE)
  }
}

async function inNamespace(kubectl: Kubectl, namespace: string): Promise<readonly ServerInCluster[]> {
  if (!isObjectName(namespace)) throw new CliError('usage', `"${inert(namespace)}" is no name of a namespace`)
  return serversOf(await kubectl.read(`/api/v1/namespaces/${namespace}/services?labelSelector=${LABELS}`))
}

function serversOf(list: unknown): readonly ServerInCluster[] {
  return parseList(list).flatMap(({ metadata: { name, namespace }, spec }) => {
    const port = spec?.ports?.find((one) => one.name === 'workspace')?.port
    if (port === undefined || namespace === undefined || !name.endsWith(SUFFIX)) return []
    return [{ namespace, service: name, port, pod: `${name.slice(0, -SUFFIX.length)}-0` }]
  })
}

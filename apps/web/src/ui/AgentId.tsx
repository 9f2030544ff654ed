import { inertLine } from '../text/inert.ts'
import { Untrusted } from '../text/Untrusted.tsx'

/** An agent's id in one line. Where there is no room its beginning is cut, never the name at its end; its title is all of it. */
export function AgentId({ id, className = '' }: { readonly id: string; readonly className?: string }) {
  const { before, name } = partsOf(id)
  return (
    <span className={`flex min-w-0 ${className}`} title={inertLine(id)}>
      {before !== '' && <Untrusted text={before} className="truncate" />}
      <Untrusted text={name} className={before === '' ? 'truncate' : 'max-w-3/4 shrink-0 truncate'} />
    </span>
  )
}

/** `k8s:cluster/team` and `/agent`; what holds an address is left whole, so that it is defanged as one. */
export function partsOf(id: string): { readonly before: string; readonly name: string } {
  const cut = id.includes('//') ? -1 : id.lastIndexOf('/')
  return { before: id.slice(0, Math.max(0, cut)), name: id.slice(Math.max(0, cut)) }
}

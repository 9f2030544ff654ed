import { AuditPanel } from './AuditPanel.tsx'
import { Disclosed } from './Disclosed.tsx'
import { LearnPanel } from './LearnPanel.tsx'
import { RecoverPanel } from './RecoverPanel.tsx'
import { ReportLinks } from './ReportLinks.tsx'
import { ScopePanel } from './ScopePanel.tsx'

/** What follows containment, in the order of the phases; each part is read once it is opened. */
export function ResponseParts({ incident }: { readonly incident: string }) {
  return (
    <>
      <Disclosed title="Scope" anchor="scope">
        {() => <ScopePanel incident={incident} />}
      </Disclosed>
      <Disclosed title="Audits">{() => <AuditPanel incident={incident} />}</Disclosed>
      <Disclosed title="Recovery">{() => <RecoverPanel incident={incident} />}</Disclosed>
      <Disclosed title="What it taught">{() => <LearnPanel incident={incident} />}</Disclosed>
      <ReportLinks incident={incident} />
    </>
  )
}

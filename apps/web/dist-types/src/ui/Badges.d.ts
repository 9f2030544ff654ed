import type { ApiEvent, ContentSlot, Conversation } from '@holdfast/api'
/** Whose clock the claimed times come from; nothing for a live one. */
export declare function ClockBadge({
  clock,
}: {
  readonly clock: Conversation['clock']
}): import('react').JSX.Element | null
/** Who says so. */
export declare function TierBadge({ tier }: { readonly tier: ApiEvent['source']['tier'] }): import('react').JSX.Element
export declare function ContentBadge({ state }: { readonly state: ContentSlot['state'] }): import('react').JSX.Element
export declare function ErrorBadge({ count }: { readonly count?: number }): import('react').JSX.Element
//# sourceMappingURL=Badges.d.ts.map

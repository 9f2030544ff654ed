/** Words that carry no subject of their own, in the languages that instructions are looked for in. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  `a an the this that these those there here it its he she they them their his her him i me my mine we us our you your yours
who whom whose which what when where why how and or but nor so yet if then else than as at by for from in into of off on onto
out over to under up with without within about above after again against all also am any are be because been before being
below between both can could did do does doing done down during each few further had has have having just let more most much
must need needs no not now only once other others own please same shall should some such thank thanks too until very via was
were while will would may might hi hello dear yes ok okay etc one two three first next finally simply kindly like get got make made
der die das den dem des ein eine einen einem einer und oder aber ist sind war mit von zu zum zur auf für im in an bei nach aus
wie als auch nicht bitte ich du sie er es wir ihr mein dein sein ihre diese dieser dieses wird werden haben hat
le la les un une des du de et ou mais est sont avec pour dans sur par que qui ne pas vous nous je tu il elle votre notre mon ma ce
cette ces au aux en se sa son plus
el los las unos unas y o pero es son con para por en que no su sus mi tu lo al del se una este esta estos estas
il lo gli i uno e ma è sono con per in che non si al alla dei delle della nel questo questa
o os as um uma e ou mas é são com para por em que não seu sua do da dos das ao
het een en of maar is zijn met voor van op aan bij naar uit dat die niet je jij we wij ons`
    .split(/\s+/)
    .filter((word) => word !== ''),
)

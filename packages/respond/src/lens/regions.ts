/** The cloud region that a host name, scope or resource names; undefined where it names none. Untrusted. */
export function regionIn(text: string): string | undefined {
  return REGION.exec(text.slice(0, 500).toLowerCase())?.[0]
}

/** As AWS (`eu-west-1`), Google (`europe-west1`) and Azure (`westeurope`) write them. */
const REGION =
  /\b(?:us|eu|ap|sa|ca|me|af|il|mx|cn)-(?:gov-)?(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d\b|\b(?:europe|us|asia|australia|northamerica|southamerica|me|africa)-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)\d{1,2}\b|\b(?:eastus2?|westus[23]?|centralus|northeurope|westeurope|uksouth|francecentral|germanywestcentral|swedencentral|switzerlandnorth|southeastasia|japaneast|australiaeast)\b/

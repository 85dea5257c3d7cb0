import { createHash } from 'node:crypto'
import { insKeyOf } from './checks.ts'
import { type PamMessage, pamMessage, withField } from './fixtures.ts'

export type IdentityMessage = Pick<
  PamMessage,
  | 'controlId'
  | 'recorded'
  | 'ipp'
  | 'facility'
  | 'namespace'
  | 'familyName'
  | 'givenName'
  | 'insBody'
  | 'insOid'
  | 'reliability'
  | 'sex'
  | 'processingId'
> & {
  trigger: 'A24' | 'A28' | 'A31' | 'A37' | 'A40' | 'A47'
  /** The number that is given up (MRG-1), or the second patient (A24, A37). */
  otherIpp: string
  /** The authority of that number, where it is another one. */
  otherFacility: string
  /** 13 characters: the INS that MRG-1 says holds no longer. */
  formerInsBody: string
  /** Writes `""` in place of the INS. */
  deletesIns: boolean
}

const structures = { A24: 'A24', A28: 'A05', A31: 'A05', A37: 'A37', A40: 'A39', A47: 'A30' } as const
const INS_AUTHORITY = 'ASIP-SANTE-INS-NIR'

/** A valid message of ITI-30 of invented people: A28, A31, A40, A47, A24, A37. Segments end with CR. */
export function identityMessage({
  otherIpp = '',
  formerInsBody = '',
  deletesIns = false,
  otherFacility,
  ...given
}: Partial<IdentityMessage> & Pick<IdentityMessage, 'trigger'>): string {
  const { trigger, insOid = '1.2.250.1.213.1.4.10', facility = '990000010', namespace = 'CH-ESSAI' } = given
  const recorded = given.recorded ?? '20261102100000'
  const controlId = given.controlId ?? controlIdOf([given, otherIpp, otherFacility, formerInsBody, deletesIns])
  const movement = pamMessage({ ...given, effective: recorded, recorded, controlId })
  const [msh = '', evn = '', pid = ''] = movement.split('\r')
  const authority = `${otherFacility ? 'CH-AILLEURS' : namespace}&${otherFacility ?? facility}&N`
  const former = [
    ...(otherIpp ? [`${otherIpp}^^^${authority}^PI`] : []),
    ...(formerInsBody ? [ins(`${formerInsBody}${insKeyOf(formerInsBody) ?? '00'}`, insOid)] : []),
  ].join('~')
  const patient = deletesIns ? withDeletion(pid, insOid) : pid
  const isPair = trigger === 'A24' || trigger === 'A37'
  const last = isPair ? [withField(pid, 'PID-3', former)] : former ? [`MRG|${former}`] : []
  const visit = trigger === 'A28' || trigger === 'A31' ? ['PV1|1|N'] : []
  const header = withField(msh, 'MSH-9', `ADT^${trigger}^ADT_${structures[trigger]}`)
  return [header, evn, patient, ...last, ...visit].map((segment) => `${segment}\r`).join('')
}

/** Another one for each content, which it does not tell. */
function controlIdOf(content: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 20)
}

function withDeletion(pid: string, oid: string): string {
  const identifiers = (pid.split('|')[3] ?? '').split('~').filter((identifier) => !identifier.endsWith('^INS'))
  return withField(pid, 'PID-3', [...identifiers, ins('""', oid)].join('~'))
}

function ins(matricule: string, oid: string): string {
  return `${matricule}^^^${INS_AUTHORITY}&${oid}&ISO^INS`
}

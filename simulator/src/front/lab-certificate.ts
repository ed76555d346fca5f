/**
 * Certificates for tests, made on the spot: X.509 v3 in DER (RFC 5280), ECDSA over P-256, the few fields that TLS clients look at. Not for
 * anything that matters.
 */
import { createPrivateKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

export interface LabCertificate {
  /** PEM. */
  readonly key: string;
  readonly cert: string;
  readonly name: string;
}

export interface LabCertificateOptions {
  /** First is the common name; all are subject alternative names. `127.0.0.1` becomes an address. */
  readonly names: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
  /** Absent: self-signed. */
  readonly issuer?: LabCertificate;
  readonly isCa?: boolean;
}

/** A fresh key and a certificate for it, signed by the issuer or by itself. */
export function makeLabCertificate(options: LabCertificateOptions): LabCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = options.names[0] ?? 'lab';
  const body = toBeSigned(options, name, publicKey);
  const signer = options.issuer === undefined ? privateKey : createPrivateKey(options.issuer.key);
  const certificate = sequence(body, ECDSA_SHA256, bitString(sign('sha256', body, signer)));
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  return { key: key.toString(), cert: toPem(certificate), name };
}

function toBeSigned(options: LabCertificateOptions, name: string, publicKey: KeyObject): Buffer {
  return sequence(
    tagged(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ECDSA_SHA256,
    distinguishedName(options.issuer?.name ?? name),
    sequence(utcTime(options.validFrom), utcTime(options.validTo)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(basicConstraints(options.isCa === true), alternativeNames(options.names))),
  );
}

const tagged = (tag: number, ...parts: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content]);
};

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  return length < 0x100 ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
const integer = (bytes: Buffer): Buffer => tagged(0x02, bytes);
const bitString = (bytes: Buffer): Buffer => tagged(0x03, Buffer.from([0]), bytes);
const octetString = (bytes: Buffer): Buffer => tagged(0x04, bytes);
const objectId = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));
const utf8 = (text: string): Buffer => tagged(0x0c, Buffer.from(text, 'utf8'));
const utcTime = (date: Date): Buffer => tagged(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`, 'latin1'));

/** 1.2.840.10045.4.3.2 */
const ECDSA_SHA256 = sequence(objectId('2a8648ce3d040302'));
/** 2.5.4.3, 2.5.29.19, 2.5.29.17 */
const distinguishedName = (name: string): Buffer => sequence(tagged(0x31, sequence(objectId('550403'), utf8(name))));
const basicConstraints = (isCa: boolean): Buffer =>
  sequence(objectId('551d13'), octetString(sequence(...(isCa ? [Buffer.from([0x01, 0x01, 0xff])] : []))));
const alternativeNames = (names: readonly string[]): Buffer =>
  sequence(objectId('551d11'), octetString(sequence(...names.map(alternativeName))));
const alternativeName = (name: string): Buffer =>
  /^\d+(\.\d+){3}$/.test(name) ? tagged(0x87, Buffer.from(name.split('.').map(Number))) : tagged(0x82, Buffer.from(name, 'latin1'));

const toPem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

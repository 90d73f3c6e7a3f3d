import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A key of a broker with a certificate that it signed itself, valid for 127.0.0.1 and localhost. */
export interface KafkaCertificate {
  readonly keystore: { readonly file: string; readonly password: string };
  /** The certificate as PEM: what a client has to trust. */
  readonly ca: string;
}

/** Makes a key and its certificate in a folder, with Java's keytool. */
export async function createCertificate(keytool: string, folder: string): Promise<KafkaCertificate> {
  const keystore = { file: join(folder, 'broker.p12'), password: 'not-a-secret' };
  const store = ['-alias', 'broker', '-keystore', keystore.file, '-storepass', keystore.password];
  const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-storetype', 'PKCS12', '-validity', '3650'];
  const names = ['-dname', 'CN=localhost', '-ext', 'san=ip:127.0.0.1,dns:localhost'];
  await execute(keytool, ['-genkeypair', ...store, ...key, ...names]);
  const { stdout: ca } = await execute(keytool, ['-exportcert', '-rfc', ...store]);
  return { keystore, ca };
}

/** True for names and addresses that never leave this machine. Takes a host without port; brackets of IPv6 may stay. */
export function isLoopbackHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase();
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(bare);
}

/** The folder `top` below `root` as ustar, without times and owners. */
export function tar(root: string, top: string): Buffer;

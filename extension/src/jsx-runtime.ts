/**
 * Stands for react/jsx-runtime, which libraries import and which only some host pages offer: their elements are made by the host's own
 * React.createElement, so that they are elements of the React that renders them. Our own code compiles to createElement directly.
 */
import * as React from 'react';

export const Fragment = React.Fragment;

interface Props {
  readonly children?: React.ReactNode;
  readonly [name: string]: unknown;
}

/** An element with one child, or none. */
export function jsx(type: React.ElementType, props: Props, key?: React.Key): React.ReactElement {
  return React.createElement(type, key === undefined ? props : { ...props, key });
}

/** An element whose children are a fixed list: given one by one, or React asks for keys. */
export function jsxs(type: React.ElementType, { children, ...props }: Props, key?: React.Key): React.ReactElement {
  const list = Array.isArray(children) ? children : [children];
  return React.createElement(type, key === undefined ? props : { ...props, key }, ...list);
}

export const jsxDEV = jsx;

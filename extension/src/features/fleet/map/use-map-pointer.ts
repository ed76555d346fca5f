import * as React from 'react';
import { clampCamera, toMap, zoomAt, type Camera } from './map-camera.ts';
import { rowAt, rowsIn, type MapLayout, type Point } from './map-layout.ts';

/** What the pointer is on; `touch`: it stays until the next tap, and offers a link. */
export interface MapHover {
  readonly row: number;
  readonly at: Point;
  readonly touch: boolean;
}

export interface MapLasso {
  readonly from: Point;
  readonly to: Point;
}

export interface MapPointerOptions {
  readonly stage: React.RefObject<HTMLElement>;
  readonly layout: MapLayout;
  readonly camera: Camera;
  readonly setCamera: (change: (camera: Camera) => Camera) => void;
  readonly room: { readonly width: number; readonly height: number };
  /** The user asked for a lasso with a button. */
  readonly lassoWanted: boolean;
  readonly onOpen: (row: number) => void;
  readonly onToggle: (row: number) => void;
  readonly onLasso: (rows: readonly number[]) => void;
}

interface PointerView extends MapPointerOptions {
  readonly setHover: (change: (now: MapHover | undefined) => MapHover | undefined) => void;
  readonly setLasso: (lasso: MapLasso | undefined) => void;
}

const DRAG_FROM = 5;

const distance = (one: Point, other: Point): number => Math.hypot(one.x - other.x, one.y - other.y);

/** What the pointers do on the map: hover, open, drag the picture, draw a lasso, pinch. Holds what is pressed; all else is the component's. */
class MapPointers {
  private view: PointerView;
  private readonly down = new Map<number, Point>();
  private pinch: number | undefined;
  private press: { readonly from: Point; readonly camera: Camera; readonly lasso: boolean; moved: boolean } | undefined;

  constructor(view: PointerView) {
    this.view = view;
  }

  update(view: PointerView): void {
    this.view = view;
  }

  readonly onPointerDown = (event: React.PointerEvent): void => {
    if (event.button !== 0) return;
    const { camera, lassoWanted } = this.view;
    const at = this.pointOf(event);
    this.down.set(event.pointerId, at);
    const lasso = lassoWanted || event.shiftKey || (camera.zoom === 1 && event.pointerType === 'mouse');
    this.press = this.down.size === 1 ? { from: at, camera, lasso, moved: false } : undefined;
  };

  readonly onPointerMove = (event: React.PointerEvent): void => {
    const at = this.pointOf(event);
    if (this.down.has(event.pointerId)) this.down.set(event.pointerId, at);
    if (this.down.size > 1) this.onPinch();
    else if (this.press !== undefined) this.onDrag(at);
    else if (event.pointerType !== 'touch') this.hoverAt(at, false);
  };

  readonly onPointerUp = (event: React.PointerEvent): void => {
    const { press, view } = this;
    const at = this.pointOf(event);
    this.onPointerCancel(event);
    if (press === undefined) return;
    if (!press.moved) this.onTap(event, at);
    else if (press.lasso) view.onLasso(rowsIn(view.layout, toMap(view.camera, press.from), toMap(view.camera, at)));
  };

  readonly onPointerCancel = (event: React.PointerEvent): void => {
    this.down.delete(event.pointerId);
    if (this.down.size < 2) this.pinch = undefined;
    this.press = undefined;
    this.view.setLasso(undefined);
  };

  readonly onPointerLeave = (): void => this.view.setHover((now) => (now?.touch === true ? now : undefined));

  readonly onWheel = (event: WheelEvent): void => {
    if (event.deltaY > 0 && this.view.camera.zoom <= 1 && !event.ctrlKey) return; // nothing to zoom out of: the page may scroll
    event.preventDefault();
    this.zoom(this.pointOf(event), Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)));
  };

  private pointOf(event: { readonly clientX: number; readonly clientY: number }): Point {
    const edge = this.view.stage.current?.getBoundingClientRect();
    return { x: event.clientX - (edge?.left ?? 0), y: event.clientY - (edge?.top ?? 0) };
  }

  private zoom(at: Point, factor: number): void {
    const { layout, room } = this.view;
    this.view.setCamera((now) => clampCamera(zoomAt(now, at, factor, layout), layout, room));
  }

  /** Two fingers: the change of their distance zooms around the point between them. */
  private onPinch(): void {
    const [one, other] = [...this.down.values()];
    if (one === undefined || other === undefined) return;
    const now = distance(one, other);
    if (this.pinch !== undefined && this.pinch > 0) this.zoom({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 }, now / this.pinch);
    this.pinch = now;
  }

  private onDrag(at: Point): void {
    const { press, view } = this;
    if (press === undefined) return;
    if (distance(at, press.from) >= DRAG_FROM) press.moved = true;
    if (!press.moved) return;
    view.setHover(() => undefined);
    if (press.lasso) return view.setLasso({ from: press.from, to: at });
    const { camera, from } = press;
    view.setCamera(() => clampCamera({ ...camera, x: camera.x + from.x - at.x, y: camera.y + from.y - at.y }, view.layout, view.room));
  }

  private hoverAt(at: Point, touch: boolean): number | undefined {
    const row = rowAt(this.view.layout, toMap(this.view.camera, at));
    this.view.setHover((now) => (row === undefined ? undefined : now?.row === row ? now : { row, at, touch }));
    return row;
  }

  private onTap(event: React.PointerEvent, at: Point): void {
    const touch = event.pointerType === 'touch';
    const row = this.hoverAt(at, touch);
    if (row === undefined || touch) return;
    if (event.shiftKey || event.ctrlKey || event.metaKey) this.view.onToggle(row);
    else this.view.onOpen(row);
  }
}

export interface MapPointer {
  readonly hover: MapHover | undefined;
  readonly lasso: MapLasso | undefined;
  readonly handlers: Pick<MapPointers, 'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerCancel' | 'onPointerLeave'>;
}

export function useMapPointer(options: MapPointerOptions): MapPointer {
  const { stage } = options;
  const [hover, setHover] = React.useState<MapHover | undefined>(undefined);
  const [lasso, setLasso] = React.useState<MapLasso | undefined>(undefined);
  const view: PointerView = { ...options, setHover, setLasso };
  const [pointers] = React.useState(() => new MapPointers(view));
  pointers.update(view);
  // Talks to the DOM: React listens to the wheel passively, and a passive listener cannot keep the page from scrolling.
  React.useEffect(() => {
    const node = stage.current;
    node?.addEventListener('wheel', pointers.onWheel, { passive: false });
    return () => node?.removeEventListener('wheel', pointers.onWheel);
  }, [stage, pointers]);
  const { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onPointerLeave } = pointers;
  return { hover, lasso, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onPointerLeave } };
}

"""Scenes that turn together: whoever turns one panel of a picture in three dimensions turns all of them.

Plotly turns the scenes of a figure each for itself. A component without a look of its own listens to the one
picture that it is told, and gives every scene the camera of the one that was moved. It needs no network.
"""

from __future__ import annotations

import streamlit as st

_SCRIPT = """
const PARTS = ["eye", "center", "up"], AXES = ["x", "y", "z"];

const differ = (one, other) =>
    PARTS.some(part => AXES.some(axis => Math.abs(one[part][axis] - other[part][axis]) > 1e-6));

const scenes = graph =>
    (graph._fullLayout?._subplots?.gl3d ?? [])
        .map(id => graph._fullLayout[id]._scene)
        .filter(scene => scene?.camera);

function turnAll(graph, camera) {
    for (const scene of scenes(graph)) {
        if (!differ(scene.getCamera(), camera)) continue;
        scene.setViewport({...scene.fullSceneLayout, camera: {...scene.fullSceneLayout.camera, ...camera}});
        scene.saveLayout(graph.layout);
    }
}

function link(graph) {
    let shared = scenes(graph)[0].getCamera();
    const moved = () => {
        const scene = scenes(graph).find(it => differ(it.getCamera(), shared));
        if (scene) turnAll(graph, shared = scene.getCamera());
    };
    const settling = frames => {  // a drag and a wheel are told before the camera moves
        moved();
        if (frames) requestAnimationFrame(() => settling(frames - 1));
    };
    const redrawn = () => {
        const cameras = scenes(graph).map(it => it.getCamera());
        if (!cameras.length) return;
        if (cameras.some(it => differ(it, cameras[0]))) turnAll(graph, shared);
        else shared = cameras[0];
    };
    graph.on("plotly_relayouting", () => settling(3));
    graph.on("plotly_relayout", () => settling(30));
    graph.on("plotly_afterplot", redrawn);
    redrawn();
    graph.dataset.camerasLinked = "true";
}

export default function ({data, setStateValue}) {
    const canvas = document.createElement("canvas");
    if (!(canvas.getContext("webgl2") || canvas.getContext("webgl"))) setStateValue("lacks_webgl", true);
    const look = () => {
        const graph = document.querySelector(`.st-key-${CSS.escape(data.chart)} .js-plotly-plot`);
        if (graph?.on && !graph.dataset.camerasLinked && scenes(graph).length) link(graph);
    };
    const timer = setInterval(look, 200);
    return () => clearInterval(timer);
}
"""

_mount = st.components.v2.component("linked_cameras", js=_SCRIPT)


def link_cameras(chart: str) -> bool:
    """Turn all scenes of the chart of this key together; says whether the browser can draw them at all."""
    found = _mount(
        key=f"cameras-of-{chart}", data={"chart": chart}, height=1, on_lacks_webgl_change=lambda: None
    )
    return not found.get("lacks_webgl")

(function () {
var probe = document.createElement("canvas");
var works = false;
try { works = !!(window.WebGLRenderingContext && probe.getContext("webgl")); } catch (error) { works = false; }
if (!works) return;
document.documentElement.classList.add("gl");
var stops = [[36, 104, 176], [98, 168, 212], [240, 236, 224], [232, 130, 96], [158, 22, 44]];
var vertexSource =
  "attribute vec3 position;attribute vec3 normal;attribute float distance;" +
  "uniform vec3 right,up,toward,half_extent;uniform vec2 scale;uniform float depth,limit,shift;" +
  "varying vec3 n;varying float share;" +
  "void main(){vec3 p=(position*2.0-1.0)*half_extent;p.x+=shift;" +
  "gl_Position=vec4(dot(p,right)*scale.x,dot(p,up)*scale.y,-dot(p,toward)/depth,1.0);" +
  "n=vec3(dot(normal,right),dot(normal,up),dot(normal,toward));" +
  "share=distance>0.99999?-1.0:distance*655.35/limit;}";
var fragmentSource =
  "precision mediump float;varying vec3 n;varying float share;uniform vec3 colour;uniform bool by_distance;uniform float opacity;uniform vec3 stops[5];" +
  "void main(){vec3 u=normalize(n);if(u.z<0.0)u=-u;vec3 c=colour;" +
  "if(by_distance){if(share<0.0)c=vec3(0.549,0.549,0.573);else{float s=clamp(share,0.0,1.0)*4.0;" +
  "c=mix(stops[0],stops[1],clamp(s,0.0,1.0));c=mix(c,stops[2],clamp(s-1.0,0.0,1.0));c=mix(c,stops[3],clamp(s-2.0,0.0,1.0));c=mix(c,stops[4],clamp(s-3.0,0.0,1.0));}}" +
  "float d=max(0.0,dot(u,vec3(-0.35,0.45,0.82)));float h=pow(max(0.0,dot(u,vec3(-0.18,0.24,0.955))),24.0);" +
  "gl_FragColor=vec4(min(c*(0.34+0.70*d)+0.14*h,1.0)*opacity,opacity);}";

function bytes(text) {
  var binary = atob(text.trim()), array = new Uint8Array(binary.length);
  for (var i = 0; i < binary.length; i++) array[i] = binary.charCodeAt(i);
  return array;
}

function decode(text) {
  var array = bytes(text), view = new DataView(array.buffer), at = 4;
  var half = [view.getFloat32(4, true), view.getFloat32(8, true), view.getFloat32(12, true)];
  var count = view.getUint32(16, true), parts = [];
  at = 20;
  for (var i = 0; i < count; i++, at += 8)
    parts.push({ side: array[at], label: array[at + 1], vertices: view.getUint16(at + 2, true), triangles: view.getUint32(at + 4, true) });
  function take(length) {
    var result = new Uint16Array(length);
    for (var i = 0; i < length; i++, at += 2) result[i] = view.getUint16(at, true);
    return result;
  }
  parts.forEach(function (part) { part.position = take(part.vertices * 3); });
  parts.forEach(function (part) { part.distance = take(part.vertices); });
  parts.forEach(function (part) { part.corners = take(part.triangles * 3); part.normal = normals(part, half); });
  return { half: half, parts: parts };
}

function normals(part, half) {
  var p = part.position, result = new Float32Array(p.length), c = part.corners;
  for (var t = 0; t < c.length; t += 3) {
    var a = c[t] * 3, b = c[t + 1] * 3, d = c[t + 2] * 3;
    var ux = (p[b] - p[a]) * half[0], uy = (p[b + 1] - p[a + 1]) * half[1], uz = (p[b + 2] - p[a + 2]) * half[2];
    var vx = (p[d] - p[a]) * half[0], vy = (p[d + 1] - p[a + 1]) * half[1], vz = (p[d + 2] - p[a + 2]) * half[2];
    var nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
    [a, b, d].forEach(function (i) { result[i] += nx; result[i + 1] += ny; result[i + 2] += nz; });
  }
  for (var i = 0; i < result.length; i += 3) {
    var length = Math.hypot(result[i], result[i + 1], result[i + 2]) || 1;
    result[i] /= length; result[i + 1] /= length; result[i + 2] /= length;
  }
  return result;
}

function Viewer(element) {
  var canvas = element.querySelector("canvas");
  var gl = canvas.getContext("webgl", { antialias: true, alpha: true, premultipliedAlpha: true });
  if (!gl) return null;
  var scene = decode(document.getElementById(element.dataset.mesh).textContent);
  var state = { azimuth: -118, elevation: 12, zoom: 1, side: "1", colour: "class", limit: 5, hidden: {} };
  var program = null, buffers = [], isWaiting = false;

  function shader(type, source) {
    var result = gl.createShader(type);
    gl.shaderSource(result, source);
    gl.compileShader(result);
    if (!gl.getShaderParameter(result, gl.COMPILE_STATUS) && !gl.isContextLost()) throw new Error(gl.getShaderInfoLog(result));
    return result;
  }
  function buffer(kind, data) {
    var result = gl.createBuffer();
    gl.bindBuffer(kind, result);
    gl.bufferData(kind, data, gl.STATIC_DRAW);
    return result;
  }
  function prepare() {
    program = gl.createProgram();
    gl.attachShader(program, shader(gl.VERTEX_SHADER, vertexSource));
    gl.attachShader(program, shader(gl.FRAGMENT_SHADER, fragmentSource));
    ["position", "normal", "distance"].forEach(function (name, index) { gl.bindAttribLocation(program, index, name); });
    gl.linkProgram(program);
    gl.useProgram(program);
    var flat = [];
    stops.forEach(function (stop) { stop.forEach(function (value) { flat.push(value / 255); }); });
    gl.uniform3fv(gl.getUniformLocation(program, "stops"), new Float32Array(flat));
    gl.uniform3fv(gl.getUniformLocation(program, "half_extent"), new Float32Array(scene.half));
    buffers = scene.parts.map(function (part) {
      return {
        position: buffer(gl.ARRAY_BUFFER, padded(part.position, 3, 4)), normal: buffer(gl.ARRAY_BUFFER, part.normal),
        distance: buffer(gl.ARRAY_BUFFER, padded(part.distance, 1, 2)), corners: buffer(gl.ELEMENT_ARRAY_BUFFER, part.corners)
      };
    });
    gl.enable(gl.DEPTH_TEST);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }
  // Vertex attributes want to begin at multiples of four bytes.
  function padded(data, from, to) {
    var count = data.length / from, result = new Uint16Array(count * to);
    for (var i = 0; i < count; i++) for (var j = 0; j < from; j++) result[i * to + j] = data[i * from + j];
    return result;
  }
  function uniform(name) { return gl.getUniformLocation(program, name); }

  var colours = {};
  element.querySelectorAll("[data-label]").forEach(function (box) {
    var text = box.dataset.colour;
    colours[box.dataset.label] = [1, 3, 5].map(function (at) { return parseInt(text.slice(at, at + 2), 16) / 255; });
    box.addEventListener("change", function () { state.hidden[box.dataset.label] = !box.checked; redraw(); });
  });

  function draw() {
    isWaiting = false;
    if (!program || gl.isContextLost()) return;
    var ratio = Math.min(window.devicePixelRatio || 1, 2);
    var width = Math.max(1, Math.round(canvas.clientWidth * ratio)), height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    var a = state.azimuth * Math.PI / 180, e = state.elevation * Math.PI / 180;
    var right = [-Math.cos(a), Math.sin(a), 0];
    var up = [-Math.sin(a) * Math.sin(e), -Math.cos(a) * Math.sin(e), Math.cos(e)];
    var toward = [Math.sin(a) * Math.cos(e), Math.cos(a) * Math.cos(e), Math.sin(e)];
    function extent(axis) { return scene.half.reduce(function (sum, value, i) { return sum + value * Math.abs(axis[i]); }, 0); }
    var radius = Math.hypot(scene.half[0], scene.half[1], scene.half[2]);
    // The scale must not change as the scene turns: the widest it can get across, its height upright.
    var wide = Math.hypot(scene.half[0], scene.half[1]), high = Math.max(scene.half[2], wide * 0.6);
    var perPixel = Math.max(wide * 2 / width, high * 2.15 / height) / state.zoom;
    gl.uniform3fv(uniform("right"), right);
    gl.uniform3fv(uniform("up"), up);
    gl.uniform3fv(uniform("toward"), toward);
    gl.uniform2f(uniform("scale"), 2 / (width * perPixel), 2 / (height * perPixel));
    gl.uniform1f(uniform("depth"), radius * 1.05);
    gl.uniform1f(uniform("limit"), state.limit);
    gl.uniform1f(uniform("shift"), 0);
    gl.uniform1i(uniform("by_distance"), state.colour === "distance" ? 1 : 0);
    var both = state.side === "2";
    [1, 0].forEach(function (side) {
      if (!both && String(side) !== state.side) return;
      var isVeil = both && side === 0;
      if (isVeil) { gl.enable(gl.BLEND); gl.depthMask(false); } else { gl.disable(gl.BLEND); gl.depthMask(true); }
      scene.parts.forEach(function (part, index) {
        if (part.side !== side || state.hidden[part.label]) return;
        gl.uniform1f(uniform("opacity"), isVeil ? 0.3 : 1);
        gl.uniform3fv(uniform("colour"), isVeil ? [0.35, 0.38, 0.42] : colours[part.label] || [0.5, 0.5, 0.5]);
        if (isVeil) gl.uniform1i(uniform("by_distance"), 0);
        bind(buffers[index].position, 0, 3, gl.UNSIGNED_SHORT, true, 8);
        bind(buffers[index].normal, 1, 3, gl.FLOAT, false, 0);
        bind(buffers[index].distance, 2, 1, gl.UNSIGNED_SHORT, true, 4);
        gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers[index].corners);
        gl.drawElements(gl.TRIANGLES, part.triangles * 3, gl.UNSIGNED_SHORT, 0);
      });
    });
    gl.depthMask(true);
  }
  function bind(data, index, size, type, isNormalized, stride) {
    gl.bindBuffer(gl.ARRAY_BUFFER, data);
    gl.enableVertexAttribArray(index);
    gl.vertexAttribPointer(index, size, type, isNormalized, stride, 0);
  }
  function redraw() {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(draw);
  }
  function turn(x, y) {
    state.azimuth = (state.azimuth + x) % 360;
    state.elevation = Math.max(-89, Math.min(89, state.elevation + y));
    redraw();
  }
  function zoom(factor) { state.zoom = Math.max(0.5, Math.min(12, state.zoom * factor)); redraw(); }

  var touches = {}, gap = 0;
  canvas.addEventListener("pointerdown", function (event) {
    canvas.setPointerCapture(event.pointerId);
    touches[event.pointerId] = [event.clientX, event.clientY];
    gap = 0;
  });
  canvas.addEventListener("pointermove", function (event) {
    var old = touches[event.pointerId];
    if (!old) return;
    touches[event.pointerId] = [event.clientX, event.clientY];
    var all = Object.keys(touches).map(function (key) { return touches[key]; });
    if (all.length === 2) {
      var now = Math.hypot(all[0][0] - all[1][0], all[0][1] - all[1][1]);
      if (gap > 0) zoom(now / gap);
      gap = now;
    } else turn((event.clientX - old[0]) * 0.5, (event.clientY - old[1]) * 0.5);
  });
  ["pointerup", "pointercancel"].forEach(function (kind) {
    canvas.addEventListener(kind, function (event) { delete touches[event.pointerId]; gap = 0; });
  });
  // The wheel scrolls the page unless the picture has the focus.
  canvas.addEventListener("wheel", function (event) {
    if (document.activeElement !== canvas && !event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY * 0.0015));
  }, { passive: false });
  canvas.addEventListener("keydown", function (event) {
    var actions = {
      ArrowLeft: function () { turn(-8, 0); }, ArrowRight: function () { turn(8, 0); }, ArrowUp: function () { turn(0, -8); }, ArrowDown: function () { turn(0, 8); },
      "+": function () { zoom(1.15); }, "=": function () { zoom(1.15); }, "-": function () { zoom(1 / 1.15); },
      Home: function () { state.azimuth = -118; state.elevation = 12; state.zoom = 1; redraw(); }
    };
    if (!actions[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    actions[event.key]();
  });
  element.querySelectorAll("[data-sets]").forEach(function (radio) {
    function take() {
      if (!radio.checked) return;
      state[radio.dataset.sets] = radio.value;
      element.classList.toggle("distance", state.colour === "distance");
      redraw();
    }
    radio.addEventListener("change", take);
    take();
  });
  element.querySelectorAll("[data-view]").forEach(function (button) {
    button.addEventListener("click", function () { state.azimuth = Number(button.dataset.view); state.elevation = 0; redraw(); });
  });
  element.querySelectorAll("[data-limit]").forEach(function (list) {
    function take() {
      state.limit = Number(list.value);
      element.querySelectorAll("[data-share]").forEach(function (tick) {
        tick.textContent = (tick.dataset.share === "1" ? "≥ " : "") + Number(tick.dataset.share) * state.limit;
      });
      redraw();
    }
    list.addEventListener("change", take);
    take();
  });
  canvas.addEventListener("webglcontextlost", function (event) { event.preventDefault(); });
  canvas.addEventListener("webglcontextrestored", function () { prepare(); redraw(); });
  window.addEventListener("resize", redraw);
  prepare();
  redraw();
  return { close: function () { var extension = gl.getExtension("WEBGL_lose_context"); if (extension) extension.loseContext(); } };
}

// Browsers allow about 16 contexts: a scene is made when its page is first shown.
var made = {};
document.addEventListener("pageshown", function (event) {
  event.detail.querySelectorAll(".scene").forEach(function (element) {
    if (made[element.id]) return;
    try { made[element.id] = Viewer(element) || true; } catch (error) { document.documentElement.classList.remove("gl"); throw error; }
  });
});
})();

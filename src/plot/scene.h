/* scene.h — a chart as a list of things to draw: what the layout makes and every renderer reads.
 *
 * A scene is flat: items in drawing order, in logical pixels (96 an inch), y downwards, with roles for colours
 * (paint.h). Groups are items too (BEGIN … END); they clip, name a part for people and programs, and carry a tooltip.
 * The box of every item is kept, that of a text measured, so that tests can ask whether two labels overlap.
 *
 *     FR_CLEANUP(fr_scene_clear) fr_scene scene;
 *     fr_scene_init(call, &scene, &metrics, 768, 480);
 *     fr_style blue = { .fill = fr_paint_series(0), .tooltip = "North: 1,234" };
 *     if (!fr_scene_rect(call, &scene, (fr_box){ 40, 100, 60, 200 }, 2, &blue)) return false;
 *     fr_label label = { .text = "North", .x = 70, .y = 318, .anchor = FR_ANCHOR_MIDDLE, .font = { .size = 10 },
 *                        .paint = fr_paint_ink(FR_INK_MUTED) };
 *     if (!fr_scene_text(call, &scene, &label)) return false;
 *
 * Everything given is copied (texts cleaned: control characters and invalid bytes replaced) into the scene's arena,
 * and an item once made stays where it is, so the pointer returned may be used to change it. Coordinates that are not
 * finite or beyond ±10⁶ make rectangles, lines, circles and texts vanish (an item of kind NONE is returned), and
 * interrupt polylines.
 */
#ifndef FR_PLOT_SCENE_H
#define FR_PLOT_SCENE_H

#include "plot/metrics.h"
#include "plot/paint.h"

typedef struct fr_point { double x, y; } fr_point;
typedef struct fr_box   { double x, y, width, height; } fr_box;        /* top left; sizes ≥ 0 */

static inline bool fr_box_meets(fr_box a, fr_box b, double slack)      /* do they share more than `slack` pixels? */
{
    return a.x + slack < b.x + b.width && b.x + slack < a.x + a.width &&
           a.y + slack < b.y + b.height && b.y + slack < a.y + a.height;
}

typedef enum fr_item_kind {
    FR_ITEM_NONE, FR_ITEM_RECT, FR_ITEM_LINE, FR_ITEM_CIRCLE, FR_ITEM_POLYLINE, FR_ITEM_PATH, FR_ITEM_POINTS, FR_ITEM_TEXT,
    FR_ITEM_BEGIN, FR_ITEM_END
} fr_item_kind;

typedef struct fr_style {
    fr_paint    fill;
    fr_stroke   stroke;
    const char *tooltip;        /* NULL: none. Shown by browsers on hover, read by screen readers                     */
} fr_style;

typedef enum fr_anchor { FR_ANCHOR_START, FR_ANCHOR_MIDDLE, FR_ANCHOR_END } fr_anchor;

typedef struct fr_label {       /* a run of text */
    const char *text;           /* '\n' begins a new line                                                             */
    double      x, y;           /* the anchor's place on the first line's baseline                                    */
    fr_font     font;
    fr_paint    paint;
    float       angle;          /* degrees, clockwise, about (x, y): -35 rises to the right, -90 reads upwards        */
    float       halo;           /* width of a SURFACE outline that keeps the text readable over lines; 0: none        */
    uint8_t     anchor;         /* fr_anchor                                                                          */
    bool        may_overlap;    /* watermarks and the like: the checker looks away                                    */
    uint8_t     room_[6];
    const char *tooltip;
} fr_label;

typedef struct fr_group {
    const char *name;           /* what it is: "x axis", "legend", "North"; kept in an SVG. NULL: none            */
    const char *tooltip;
    const fr_box *clip;         /* nothing is drawn outside; NULL: no clip                                            */
} fr_group;

/* ---- paths ------------------------------------------------------------------------------------------------------- */
typedef enum fr_path_verb { FR_PATH_MOVE, FR_PATH_LINE, FR_PATH_CURVE, FR_PATH_CLOSE } fr_path_verb;
typedef struct fr_segment {
    fr_point at[3];             /* CURVE, a cubic: two controls and the end; else at[0]                               */
    uint8_t  verb;              /* fr_path_verb                                                                       */
    uint8_t  room_[7];
} fr_segment;

typedef struct fr_path {        /* a growing list of segments; copied by fr_scene_path                                */
    fr_context *context;
    fr_segment *segments;
    size_t      n, capacity;
} fr_path;
#define FR_PATH_INIT(call) { .context = (call)->context }

bool fr_path_move(fr_call *call, fr_path *path, double x, double y) FR_MUST_USE;
bool fr_path_line(fr_call *call, fr_path *path, double x, double y) FR_MUST_USE;
bool fr_path_curve(fr_call *call, fr_path *path, fr_point control, fr_point control2, fr_point end) FR_MUST_USE;
/* A circular arc from angle `from` to `to` in radians (0 is to the right, π/2 downwards), either direction. It begins
 * with a line from where the path stands, or a move when it is empty or was closed. Error below 0.03 % of the radius.
 * Source   the cubic with handles 4/3 tan(θ/4), pieces of at most 90°. */
bool fr_path_arc(fr_call *call, fr_path *path, fr_point centre, double radius, const double from_to[2]) FR_MUST_USE;
bool fr_path_close(fr_call *call, fr_path *path) FR_MUST_USE;
void fr_path_clear(fr_path *path);                                                      /* works as FR_CLEANUP */

/* ---- items ------------------------------------------------------------------------------------------------------- */
typedef struct fr_item {
    uint8_t     kind;           /* fr_item_kind                                                                       */
    uint8_t     anchor;         /* TEXT: fr_anchor                                                                    */
    bool        may_overlap;    /* TEXT                                                                               */
    bool        has_clip;       /* BEGIN: `box` clips                                                                 */
    bool        closed;         /* POLYLINE: a polygon                                                                */
    uint8_t     room_[3];
    fr_box      box;            /* what it covers, without stroke; TEXT: the measured box, turned; END: empty         */
    fr_paint    fill;           /* TEXT: its colour                                                                   */
    fr_stroke   stroke;
    const char *tooltip;        /* NULL: none                                                                         */
    const char *text;           /* TEXT: what it says; BEGIN: the name, or NULL                                       */
    double      x, y;           /* TEXT, CIRCLE: anchor, centre; LINE: one end                                        */
    double      x2, y2;         /* LINE: the other end                                                                */
    double      radius;         /* CIRCLE; POINTS: of each; RECT: of the corners                                      */
    double      width, height;  /* TEXT: of the block of lines, not turned                                            */
    double      ascent;         /* TEXT: of the first line                                                            */
    double      line_height;    /* TEXT: from one baseline to the next                                                */
    fr_font     font;
    float       angle, halo;    /* TEXT                                                                               */
    size_t      n;              /* POINTS, POLYLINE: points; PATH: segments; TEXT: lines                              */
    const fr_point   *points;   /* POLYLINE: x not a number interrupts the line                                       */
    const fr_segment *segments;
} fr_item;

typedef struct fr_scene {
    fr_arena          arena;
    const fr_metrics *metrics;          /* borrowed; must outlive only the making of the scene                        */
    double            width, height;    /* logical pixels                                                             */
    const char       *title;            /* for <title>, the PNG's and PDF's title; "" when not set                    */
    const char       *description;      /* the alt text                                                               */
    fr_item         **items;
    size_t            n_items, capacity, depth;       /* depth: groups that are open                                  */
} fr_scene;

/* `metrics` is used by fr_scene_text. Init never fails; clear frees everything the items point to. */
void fr_scene_init(fr_call *call, fr_scene *scene, const fr_metrics *metrics, double width, double height);
void fr_scene_clear(fr_scene *scene);                                                   /* works as FR_CLEANUP */
/* Title and description (alt text); NULL leaves empty. */
bool fr_scene_name(fr_call *call, fr_scene *scene, const char *title, const char *description) FR_MUST_USE;

fr_item *fr_scene_rect(fr_call *call, fr_scene *scene, fr_box box, double radius, const fr_style *style) FR_MUST_USE;
fr_item *fr_scene_line(fr_call *call, fr_scene *scene, fr_point from, fr_point to, const fr_style *style) FR_MUST_USE;
fr_item *fr_scene_circle(fr_call *call, fr_scene *scene, fr_point centre, double radius,
                         const fr_style *style) FR_MUST_USE;
/* A line through points; one whose x or y is not finite interrupts it. A single point between two gaps is drawn as a
 * dot of the stroke's width. Filled polylines should have no gaps. */
fr_item *fr_scene_polyline(fr_call *call, fr_scene *scene, const fr_point *points, size_t n,
                           const fr_style *style) FR_MUST_USE;
/* The same, closed and filled. */
fr_item *fr_scene_polygon(fr_call *call, fr_scene *scene, const fr_point *points, size_t n,
                           const fr_style *style) FR_MUST_USE;
fr_item *fr_scene_path(fr_call *call, fr_scene *scene, const fr_path *path, const fr_style *style) FR_MUST_USE;
/* Circles of one size and style; those that are not finite are left out. */
fr_item *fr_scene_points(fr_call *call, fr_scene *scene, const fr_point *points, size_t n, double radius,
                         const fr_style *style) FR_MUST_USE;
fr_item *fr_scene_text(fr_call *call, fr_scene *scene, const fr_label *label) FR_MUST_USE;
bool     fr_scene_begin(fr_call *call, fr_scene *scene, const fr_group *group) FR_MUST_USE;
bool     fr_scene_end(fr_call *call, fr_scene *scene) FR_MUST_USE;

/* The box a label would get, without adding it: for placing things. */
bool fr_label_box(fr_call *call, const fr_metrics *metrics, const fr_label *label, fr_box *out) FR_MUST_USE;

/* ---- for tests --------------------------------------------------------------------------------------------------- */
/* Pairs of texts whose boxes share more than half a pixel; turned texts are compared as turned rectangles. When there
 * are any and `first` is not NULL, it gets "'North' and 'South' overlap by 3.5 × 9.0" of the first pair. Cost O(n log
 * n + pairs whose x ranges meet). */
size_t fr_scene_overlaps(const fr_scene *scene, char *first, size_t room);
/* Texts that reach out of the canvas by more than half a pixel; `first` as above. */
size_t fr_scene_outside(const fr_scene *scene, char *first, size_t room);
/* One line an item: "text 70.0 318.0 middle 10 muted \"North\"  [55.2 309.1 29.6 11.6]"; golden scenes are made of it. */
bool   fr_scene_dump(fr_call *call, const fr_scene *scene, fr_text *out) FR_MUST_USE;

#endif

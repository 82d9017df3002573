"""Pictures of the demo's cars, drawn as SVG: presentation attributes only, so that no policy has to allow a style."""

from vendue.demo.pictures.gallery import Drawing, gallery

__all__ = ["Drawing", "gallery"]

"""Every field that exiftool may show of what travels; "Track" stands for Track1, Track2, ..."""

_FIELDS = {
    "Matroska": " DocType DocTypeReadVersion DocTypeVersion Duration EBMLMaxIDLength"
    " EBMLMaxSizeLength EBMLReadVersion EBMLVersion EditionFlagDefault MuxingApp SeekID"
    " SeekPosition SegmentUID TimecodeScale WritingApp",
    "Chapter": " ChapterLanguage ChapterString ChapterTimeEnd ChapterTimeStart ChapterUID",
    "APE": " Dummy",
    "Composite": " AudioBitrate AvgBitrate DateTimeOriginal Duration ImageSize Megapixels Rotation",
    "HTML": " Title",
    "ID3v2_3": " Album"
    " Artist Band Genre Picture PictureDescription PictureMIMEType PictureType Title"
    " Track Year",
    "ItemList": " Album AlbumArtist Artist ContentCreateDate CoverArt Genre MediaType Title"
    " TrackNumber",
    "JFIF": " JFIFVersion ResolutionUnit XResolution YResolution",
    "MPEG": " AudioBitrate AudioLayer ChannelMode CopyrightFlag Emphasis IntensityStereo"
    " MPEGAudioVersion MSStereo OriginalMedia SampleRate VBRBytes VBRFrames VBRScale",
    "PNG": " BitDepth ColorType Compression Filter ImageHeight ImageWidth Interlace",
    "QuickTime": " CompatibleBrands"
    " CreateDate CurrentTime Duration Free HandlerType HandlerVendorID"
    " MajorBrand MatrixStructure MediaData MediaDataOffset MediaDataSize MinorVersion"
    " ModifyDate MovieHeaderVersion NextTrackID PosterTime PreferredRate PreferredVolume"
    " PreviewDuration PreviewTime SelectionDuration SelectionTime TimeScale",
    "Track": " CodecID CodecPrivate DefaultDuration Matroska_0x15b0 Matroska_0x16aa"
    " MaxBlockAdditionID"
    " TrackDefault TrackLacing TrackLanguage TrackNumber TrackType TrackUID VideoScanType"
    " AVCConfiguration AudioBitsPerSample AudioChannels AudioFormat AudioSampleRate"
    " AverageBitrate Balance BitDepth BufferSize ChapterListTrackID ChunkOffset"
    " ColorPrimaries ColorProfiles CompositionTimeToSample CompressorID FontTable"
    " GenBalance GenFlags GenGraphicsMode GenMediaVersion GenOpColor GraphicsMode"
    " HandlerType ImageHeight ImageWidth MatrixCoefficients MatrixStructure MaxBitrate"
    " MediaCreateDate MediaDuration MediaHeaderVersion MediaLanguageCode MediaModifyDate"
    " MediaTimeScale NullMediaHeader OpColor OtherFormat PixelAspectRatio"
    " SampleGroupDescription SampleSizes SampleToChunk SampleToGroup SourceImageHeight"
    " SourceImageWidth SyncSampleTable Text TimeToSampleTable TrackCreateDate"
    " TrackDuration TrackHeaderVersion TrackID TrackLayer TrackModifyDate TrackVolume"
    " TransferCharacteristics Unknown_btrt Unknown_edts Unknown_esds VideoFrameRate"
    " XResolution YResolution Warning",
    "UserData": " ChapterList",
    "ZIP": " ZipBitFlag ZipCRC ZipCompressedSize ZipCompression ZipFileName ZipModifyDate"
    " ZipRequiredVersion ZipUncompressedSize",
}
LISTED = frozenset(f"{group}:{name}" for group, names in _FIELDS.items() for name in names.split())

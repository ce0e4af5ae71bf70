extension ConfidentialityTable {
    /// Table E.1-1, groups 0018 to 003F: attribute, action of the Basic Profile, options that keep it, name.
    static let groups0018To003F = """
        00180010 Z/D    -  Contrast/Bolus Agent
        00180027 X      t  Intervention Drug Stop Time
        00180035 X      t  Intervention Drug Start Time
        00181000 X/Z/D  d  Device Serial Number
        00181002 U      d  Device UID
        00181004 X      d  Plate ID
        00181005 X      d  Generator ID
        00181007 X      d  Cassette ID
        00181008 X      d  Gantry ID
        00181009 X      d  Unique Device Identifier
        0018100a X      d  UDI Sequence
        0018100b U      d  Manufacturer's Device Class UID
        00181010 X      -  Secondary Capture Device ID
        00181011 X      -  Hardcopy Creation Device ID
        00181012 X      t  Date of Secondary Capture
        00181014 X      t  Time of Secondary Capture
        00181030 X/D    -  Protocol Name
        00181042 X      t  Contrast/Bolus Start Time
        00181043 X      t  Contrast/Bolus Stop Time
        00181072 X      t  Radiopharmaceutical Start Time
        00181073 X      t  Radiopharmaceutical Stop Time
        00181078 X      t  Radiopharmaceutical Start DateTime
        00181079 X      t  Radiopharmaceutical Stop DateTime
        001811bb D      -  Acquisition Field Of View Label
        00181200 X      dt Date of Last Calibration
        00181201 X      dt Time of Last Calibration
        00181202 X      dt DateTime of Last Calibration
        00181203 Z      dt Calibration DateTime
        00181204 X      dt Date of Manufacture
        00181205 X      dt Date of Installation
        00181400 X/D    -  Acquisition Device Processing Description
        00182042 U      -  Target UID
        00184000 X      -  Acquisition Comments
        00185011 X      d  Transducer Identification Sequence
        0018700a X/D    d  Detector ID
        0018700c X/D    dt Date of Last Detector Calibration
        0018700e X/D    dt Time of Last Detector Calibration
        00189074 D      t  Frame Acquisition DateTime
        00189151 D      t  Frame Reference DateTime
        00189185 X      -  Respiratory Motion Compensation Technique Description
        00189367 D      d  X-Ray Source ID
        00189369 D      t  Source Start DateTime
        0018936a D      t  Source End DateTime
        00189371 D      d  X-Ray Detector ID
        00189373 X      d  X-Ray Detector Label
        0018937b X      -  Multi-energy Acquisition Description
        0018937f X      -  Decomposition Description
        00189424 X      -  Acquisition Protocol Description
        00189516 X/D    t  Start Acquisition DateTime
        00189517 X/D    t  End Acquisition DateTime
        00189623 D      t  Functional Sync Pulse
        00189701 D      t  Decay Correction DateTime
        00189804 D      t  Exclusion Start DateTime
        00189919 Z/D    t  Instruction Performed DateTime
        00189937 X      -  Requested Series Description
        0018a002 X      t  Contribution DateTime
        0018a003 X      -  Contribution Description
        0020000d U      -  Study Instance UID
        0020000e U      -  Series Instance UID
        00200010 Z      -  Study ID
        00200027 X      -  Pyramid Label
        00200052 U      -  Frame of Reference UID
        00200200 U      -  Synchronization Frame of Reference UID
        00203401 X      d  Modifying Device ID
        00203403 X      t  Modified Image Date
        00203405 X      t  Modified Image Time
        00203406 X      -  Modified Image Description
        00204000 X      -  Image Comments
        00209158 X      -  Frame Comments
        00209161 U      -  Concatenation UID
        00209164 U      -  Dimension Organization UID
        00281199 U      -  Palette Color Lookup Table UID
        00281214 U      -  Large Palette Color Lookup Table UID
        00284000 X      -  Image Presentation Comments
        00320012 X      -  Study ID Issuer
        00320032 X      t  Study Verified Date
        00320033 X      t  Study Verified Time
        00320034 X      t  Study Read Date
        00320035 X      t  Study Read Time
        00321000 X      t  Scheduled Study Start Date
        00321001 X      t  Scheduled Study Start Time
        00321010 X      t  Scheduled Study Stop Date
        00321011 X      t  Scheduled Study Stop Time
        00321020 X      d  Scheduled Study Location
        00321021 X      -  Scheduled Study Location AE Title
        00321030 X      -  Reason for Study
        00321032 X      -  Requesting Physician
        00321033 X      -  Requesting Service
        00321040 X      t  Study Arrival Date
        00321041 X      t  Study Arrival Time
        00321050 X      t  Study Completion Date
        00321051 X      t  Study Completion Time
        00321060 X/Z    -  Requested Procedure Description
        00321066 X      -  Reason for Visit
        00321067 X      -  Reason for Visit Code Sequence
        00321070 X      -  Requested Contrast Agent
        00324000 X      -  Study Comments
        00340001 D      -  Flow Identifier Sequence
        00340002 D      -  Flow Identifier
        00340005 D      -  Source Identifier
        00340007 D      t  Frame Origin Timestamp
        00380004 X      -  Referenced Patient Alias Sequence
        00380010 X      -  Admission ID
        00380011 X      -  Issuer of Admission ID
        00380014 X      -  Issuer of Admission ID Sequence
        0038001a X      t  Scheduled Admission Date
        0038001b X      t  Scheduled Admission Time
        0038001c X      t  Scheduled Discharge Date
        0038001d X      t  Scheduled Discharge Time
        0038001e X      -  Scheduled Patient Institution Residence
        00380020 X      t  Admitting Date
        00380021 X      t  Admitting Time
        00380030 X      t  Discharge Date
        00380032 X      t  Discharge Time
        00380040 X      -  Discharge Diagnosis Description
        00380050 X      -  Special Needs
        00380060 X      -  Service Episode ID
        00380061 X      -  Issuer of Service Episode ID
        00380062 X      -  Service Episode Description
        00380064 X      -  Issuer of Service Episode ID Sequence
        00380300 X      -  Current Patient Location
        00380400 X      -  Patient's Institution Residence
        00380500 X      -  Patient State
        00384000 X      -  Visit Comments
        003a0020 X      -  Multiplex Group Label
        003a0203 X      -  Channel Label
        003a020c X      -  Channel Derivation Description
        003a0310 U      -  Multiplex Group UID
        003a0314 D      t  Impedance Measurement DateTime
        003a0329 X      -  Waveform Filter Description
        003a032b X      -  Filter Lookup Table Description
        """
}
